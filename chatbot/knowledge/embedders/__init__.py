"""What turns texts into vectors: one interface, several makers, none needed.

`embedding.py` says what an embedder is, `choice.py` which one a tenant has, `offline.py` and
`endpoint.py` are the two there are; `desk.py` asks them in time, `indexing.py` in the background.
"""
