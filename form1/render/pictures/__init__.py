"""The figures of the summary as vector graphics, for the PDF and the page alike."""

from form1.render.pictures.draw import svg

__all__ = ["svg"]
