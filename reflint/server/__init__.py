"""The backend on the loopback address: what the review page, the Zotero plugin and the Word pane talk to."""
