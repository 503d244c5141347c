"""Pure rules of the front office: standard library only, no clock, no input or output."""
