"""Backup and restore of an installation: database, stored files, and on request the secret key.

`archive` writes a backup, `restore` puts one back; `manifest` says what a backup holds, `files`
which files the database names, `sqlite` and `postgres` copy and load a database.
"""
