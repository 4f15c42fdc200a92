"""final-2016 as letters of December 2016 to March 2017 are printed; the content is made up.

Unlike the older generators this one has a single author and a single look, that of the word
processor; what varies is what varies in real letters, and what goes wrong is a `Fault` of its own.
"""
