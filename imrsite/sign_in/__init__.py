"""Single sign-on and second factor, by django-allauth, where the settings ask for them.

Nothing here is imported otherwise, except `flow`, which says so. Of allauth's pages only those in
`urls` can be reached, under our addresses and with our templates.
"""
