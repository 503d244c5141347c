"""Telegram: private chats of customers with the house's bot, over the Bot API.

`parse` turns raw updates into arrivals, `polling` and `webhook` are the two ways in, `sender` is the way out,
`client` and `request` speak HTTP. python-telegram-bot serves as typed client only: its own intake confirms updates
before anybody has stored them.
"""
