"""Prints what a team workspace is doing right now. Reads only; starts nothing but `muster list`, `muster status` and `ps`."""

import argparse
import subprocess
import sys
from pathlib import Path


def section(title: str, text: str) -> None:
    print(f"## {title}\n\n{text.strip() or '(nothing)'}\n")


def output_of(command: list[str]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired) as problem:
        return f"{' '.join(command)} could not be run: {problem}"
    return done.stdout + done.stderr


def tail_of(log: Path, lines: int) -> str:
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workspace-root", type=Path, default=Path.cwd())
    parser.add_argument("--processes", action="store_true", help="also list processes that mention the workspace")
    parser.add_argument("--logs", action="store_true", help="also show the end of every role's log")
    parser.add_argument("--lines", type=int, default=40)
    chosen = parser.parse_args()
    root = chosen.workspace_root.resolve()
    for command in ("list", "status"):
        section(f"muster {command}", output_of(["muster", command, "--workspace-root", str(root)]))
    if chosen.processes:
        listed = output_of(["ps", "-eo", "pid,etime,args"])
        section("Processes", "\n".join(line for line in listed.splitlines() if str(root) in line))
    if chosen.logs:
        for log in sorted((root / "logs" / "agents").glob("*.log")):
            section(f"{log.name}, last {chosen.lines} lines", tail_of(log, chosen.lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
