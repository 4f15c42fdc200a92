"""The desk: a draft denial or a request for authorization in, a dated memo out.

`taking` gives the text of what was sent, `research` how IMR decided a request before, `checking`
what is wrong with a citation, `keeping` makes and stores the memo, `joining` finds the case that
became of it, and `calibration` how good the rates of memos were.
"""
