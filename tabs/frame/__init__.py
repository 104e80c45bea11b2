"""What is around every task and written once.

site    the whole page                  page          one task's tab: drawn and wired
header  device, models, Hub             handlers      what happens on Run and Stop
menu    the models to choose from       stop_signals  which runs are going on
switch  where a run goes                turning       what the switch changes on all tabs
places  what to know of those places    probe         what answers there
api     tasks as functions of the API   controls      options as controls
code    code for the call just made     hint      a text that the model does not read
order   what stands first in a menu     examples  which are shown, and what answers them
links, uploads, events, shared
"""
