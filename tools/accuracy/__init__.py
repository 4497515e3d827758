"""The accuracy report: plants in closed form, models of front ends, the points of the standards, the page."""
