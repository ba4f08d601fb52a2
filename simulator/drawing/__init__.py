"""A case as a picture: whoever writes one sees where it leads, what hangs on what, and where its trouble is.

`graph` says what is drawn, `stakes` what hangs on it, `trouble` what check found; `layers` and `routing` put it in its
place; `svg`, `mermaid` and `outline` draw the same graph for a browser, for a page of text, and for a screen reader.
"""
