"""From a link to bytes, on an unfriendly web: which addresses, how much, how long, and with whose leave."""
