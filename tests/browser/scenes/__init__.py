"""The stories behind the screens: each tells contracts through the product's own actions and yields their
places by name.

Each state is for one screen or for one journey, so that these can be looked at in any order.
"""
