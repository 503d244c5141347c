"""The named loops of the front office: inbox, outbox, timers, watch."""
