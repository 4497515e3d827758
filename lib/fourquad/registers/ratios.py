"""Ratios of the instrument transformers, as the settings of a model have them."""

from fourquad import points as p


def transformers(settings, model):
    """PT1, PT2, CT1, CT2 as they count in the formulas: 1 where the model has no such setting, and where CT2
    is none of its CT2_COUNTS.
    """
    found = [settings.get(offset) if settings.has(offset) else 1 for offset in (p.PT1, p.PT2, p.CT1, p.CT2)]
    if found[3] not in getattr(model, "CT2_COUNTS", ()):
        found[3] = 1
    return found


def energy_ratio(settings, model):
    """By what energies of the primary side are more than the secondary one's: numerator, denominator."""
    pt1, pt2, ct1, ct2 = transformers(settings, model)
    return pt1 * ct1, pt2 * ct2
