"""From the PDF of a determination to a Letter. Pure Python: imports neither Django nor the apps.

The files are the pipeline: pages → text → split → formats (with header, citations, categories)
→ checks. `sandbox` runs it all in a process of its own, within limits.
"""

VERSION = "2026.11.6"  # raise it whenever a letter may be read differently
