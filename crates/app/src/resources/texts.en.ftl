resources-title = To share
