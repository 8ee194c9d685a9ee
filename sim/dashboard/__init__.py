"""The dashboard: move the levers that matter most and look at what comes of it, in a browser on this machine.

What the page shows is worked out by plain modules that know nothing of a browser: :mod:`levers`, :mod:`desk` (what is
chosen), :mod:`living` (the worlds behind it), :mod:`rows`, :mod:`told` (one world, day by day), :mod:`scene` and
:mod:`pictures`. :mod:`page` and :mod:`world_page` put them on screen; :mod:`serve` starts the server.
"""
