"""Real names and hostile ones."""

import csv

import pytest

from tests.conftest import ROOT, running_sandbox

CATALOG = ROOT.parent / "shared" / "catalog" / "tracks.csv"


@pytest.mark.slow
@pytest.mark.skipif(not CATALOG.exists(), reason="the catalogue of real tracks is not beside this checkout")
def test_real_names_come_through_intact(workspace_for, tmp_path_factory):
    folder = tmp_path_factory.mktemp("catalog")
    # The sandbox builds a world around every line, heard or not.
    (few := folder / "tracks.csv").write_text("".join(CATALOG.read_text().splitlines(keepends=True)[:600]))
    with few.open(newline="") as file:
        real = {(row["artist"], row["title"]) for row in csv.DictReader(file)}
    with running_sandbox(folder, f"--catalog={few}", "--rows=300") as catalogue:
        workspace = workspace_for(catalogue.env)
        workspace.run("scrapy", "crawl", "lastfm_top", "-a", "max=240")
    with workspace.database() as connection:
        aliases = {tuple(row) for row in connection.execute("SELECT artist, title FROM aliases")}
        songs = {tuple(row) for row in connection.execute("SELECT artist, title FROM songs")}
    assert len(songs) == 240
    assert len(aliases & real) / len(aliases) > 0.99
    assert len(songs & real) / len(songs) > 0.99


@pytest.mark.integration
def test_broken_names_are_cleaned_or_rejected_and_lose_no_neighbour(workspace_for, tmp_path_factory):
    with running_sandbox(tmp_path_factory.mktemp("hostile"), "--rows=300", "--hostile") as hostile:
        workspace = workspace_for(hostile.env)
        workspace.run("scrapy", "crawl", "lastfm_top", "-a", "max=100000")
    summary = workspace.summary()
    rows = summary["rows"]
    assert rows["rejected"] > 0
    assert rows["beyond"] == 0
    assert rows["chart"] == rows["stored"] + rows["rejected"]
    assert not sum(outcomes["failed"] for outcomes in summary["outcomes"].values())
    with workspace.database() as connection:
        rejected = connection.execute("SELECT count(*) FROM rejects WHERE reason <> ''").fetchone()[0]
    assert rejected == rows["rejected"]
