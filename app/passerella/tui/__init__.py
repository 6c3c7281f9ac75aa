"""The lab on the screen: widgets and keys over what :mod:`passerella.views` says."""
