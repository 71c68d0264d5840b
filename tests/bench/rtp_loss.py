# SPDX-FileCopyrightText: The Hearken developers
# SPDX-License-Identifier: GPL-2.0-or-later

"""Word error against the loss of packets: recordings are sent as Opus over RTP to this machine, in real time, to a
receiver for each rate of loss.

    python3 tests/bench/rtp_loss.py build MANIFEST DATA [MODEL [MINUTES]]

MANIFEST is one as for `hearken score --manifest`, DATA what its paths are relative to. MODEL is an4 and MINUTES, the
most that is sent, 5 unless told otherwise.
"""

import csv
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from common import Build, count_errors, write_raw

RATE_HZ = 16000
LOSSES = [0.0, 0.01, 0.05, 0.1]
PORT = 15004
# So much latency that a busy machine loses nothing by itself.
RECEIVE = ("udpsrc port={port} buffer-size=1000000 caps=application/x-rtp,media=audio,encoding-name=OPUS,payload=96,"
           "clock-rate=48000 ! rtpjitterbuffer latency=20000 {lost} ! rtpopusdepay ! opusdec plc=true")


def write_speech(manifest: Path, data: Path, minutes: float, work: Path) -> tuple[Path, list[str]]:
    """Recordings in any order with a second of silence behind each, raw, and the words in them."""
    with open(manifest, encoding="utf-8") as table:
        rows = list(csv.DictReader(table, delimiter="\t"))
    random.Random(1).shuffle(rows)
    speech, words = b"", []
    for row in rows:
        if len(speech) >= 2 * RATE_HZ * 60 * minutes:
            break
        part = work / "part.raw"
        write_raw(f"filesrc location={data / row['path']} ! decodebin",
                  f"audio/x-raw,format=S16LE,rate={RATE_HZ},channels=1", part)
        speech += part.read_bytes() + bytes(2 * RATE_HZ)
        words += row["text"].lower().split()
    target = work / "speech.raw"
    target.write_bytes(speech)
    return target, words


def send(speech: Path, ports: dict[int, float]) -> None:
    """To each port with its probability that a packet is lost."""
    line = (f"filesrc location={speech} ! rawaudioparse format=pcm pcm-format=s16le sample-rate={RATE_HZ} "
            "num-channels=1 ! audioconvert ! audioresample ! opusenc ! rtpopuspay pt=96 ! tee name=t")
    for port, loss in ports.items():
        line += f" t. ! queue ! identity drop-probability={loss} ! udpsink host=127.0.0.1 port={port}"
    subprocess.run(["gst-launch-1.0", "-q", *line.split()], check=True)


def main() -> None:
    model = sys.argv[4] if len(sys.argv) > 4 else "an4"
    minutes = float(sys.argv[5]) if len(sys.argv) > 5 else 5
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        build = Build(sys.argv[1], work)
        speech, words = write_speech(Path(sys.argv[2]), Path(sys.argv[3]), minutes, work)
        cases = [(loss, lost) for lost in ("do-lost=true", "do-lost=false") for loss in LOSSES]
        receivers = [subprocess.Popen(
            [str(build.path / "plugin/tool/hearken"), "listen", "--model", model, "--source",
             RECEIVE.format(port=PORT + i, lost=lost)], stdout=subprocess.PIPE, text=True)
            for i, (_, lost) in enumerate(cases)]
        try:
            time.sleep(5)
            send(speech, {PORT + i: loss for i, (loss, _) in enumerate(cases)})
            time.sleep(25)
        except BaseException:
            for receiver in receivers:  # they would take the packets of the next run
                receiver.kill()
            raise
        print("| packets lost | " + " | ".join(f"{100 * loss:g} %" for loss in LOSSES) + " |")
        print("|---|" + "---|" * len(LOSSES))
        errors = []
        for receiver in receivers:
            receiver.send_signal(signal.SIGINT)
            heard = [word for line in receiver.communicate()[0].splitlines() for word in line.split()[1:]]
            errors.append(100 * count_errors(words, [word.lower() for word in heard]) / len(words))
        for i, lost in enumerate(("do-lost=true", "do-lost=false")):
            row = errors[i * len(LOSSES):(i + 1) * len(LOSSES)]
            print(f"| word error, `{lost}` | " + " | ".join(f"{error:.1f} %" for error in row) + " |")
        print(f"{len(words)} words in {speech.stat().st_size / 2 / RATE_HZ / 60:.1f} minutes")


if __name__ == "__main__":
    main()
