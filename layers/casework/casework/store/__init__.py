"""The only room that speaks to AWS, and its in-memory twin.

`Table`, `Topic`, `Queue` and `Vault` are what the service needs of the world; `dynamo`, `bus`
and `vault` are AWS, `memory` is the twin. One contract suite holds both to the same behaviour.
"""
