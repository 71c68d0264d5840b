# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

"""Draws what confidences are worth: how many of the words given each confidence are right."""

from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

INCHES = (5, 6)


def draw(bins: list[tuple[float, float, int]], error: float, picture: Path) -> None:
    """A reliability diagram of bins (mean confidence, share of right words, number of words), how
    many words there are below; error is the expected calibration error."""
    confidences, shares, counts = zip(*bins)
    figure, (worth, words) = plt.subplots(
        2, 1, sharex=True, figsize=INCHES, height_ratios=(3, 1), layout="constrained"
    )
    worth.plot([0, 1], [0, 1], ":", color="grey", label="as it should be")
    worth.plot(confidences, shares, "o-", label=f"measured, {sum(counts)} words")
    worth.set(ylabel="share of words that are right", xlim=(0, 1), ylim=(0, 1))
    worth.set_title(f"expected calibration error {error:.3f}")
    worth.legend(loc="upper left")
    words.bar(confidences, counts, width=0.06)
    words.set(xlabel="confidence", ylabel="words")
    for axes in (worth, words):
        axes.grid(alpha=0.3)
    figure.savefig(picture, dpi=120)
    plt.close(figure)
