"""Tables of network services that more than one model has, one file each, without any behaviour.

A model's network module takes them with the rule of its seal. No board loads these files.
"""
