"""`lianxin bench routing`: our classifier beside scikit-learn's and fastText's, on the same rows.

Each is trained on one file and asked about another, message by message, as a function would be.
CPU time, since others use the machine too; what one was trained with is not what it needs to
answer, so the packages counted are those that answering imports.
"""

from __future__ import annotations

import json
import pickle
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path
from statistics import mean
from time import process_time
from typing import Any

from casework.routing.classifier import Classifier
from casework.routing.folding import folded
from infra.cli.progress import progress
from infra.cli.saying import Stop
from infra.training.examples import Example, read_examples
from infra.training.measure import f1_by_label

LOADS = 5
"""Times that a model is loaded; the best counts."""
LEAST_F1, MOST_MB, MOST_LOAD_MS, MOST_US = 0.93, 1.0, 50.0, 1000.0
"""What ours must reach."""
KEPT = 30_000
"""N-grams that scikit-learn keeps: its best on these data."""
SCIKIT = ("scikit-learn", "numpy", "scipy", "joblib", "threadpoolctl", "narwhals")
FASTTEXT = ("fasttext-wheel", "fasttext", "numpy", "pybind11")

Answers = Callable[[Example], str]


@dataclass(frozen=True)
class Measured:
    """A classifier's figures; `absent` says how to get one that is not installed."""

    name: str
    macro_f1: float = 0.0
    model_mb: float = 0.0
    load_ms: float = 0.0
    us: float = 0.0
    packages_mb: float = 0.0
    absent: tuple[str, str] | None = None


def main(learned: Path, asked: Path, label_column: str, as_json: bool) -> int:
    """Measure and print; 0 if ours keeps its limits, else 1. Raises Stop."""
    for path in (learned, asked):
        if not path.is_file():
            raise Stop(
                f"没有文件 {path}，请用 --train 和 --test 给出已标注的 CSV。",
                f"There is no {path}; give labelled CSV files with --train and --test.",
                2,
            )
    train, test = (read_examples(path, label_column).usable for path in (learned, asked))
    found = []
    with progress("bench routing") as told:
        for done, each in enumerate((ours, scikit, fasttext), 1):
            found.append(each(train, test))
            told(done, 3)
    kept = keeps(found[0])
    if as_json:
        print(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=2))
    else:
        _tell(found, len(train), len(test), kept)
    return 0 if kept else 1


def keeps(found: Measured) -> bool:
    """Whether ours is as good, small and fast as it must be."""
    return (
        found.macro_f1 >= LEAST_F1
        and found.model_mb <= MOST_MB
        and found.load_ms <= MOST_LOAD_MS
        and found.us <= MOST_US
    )


def ours(train: Sequence[Example], test: Sequence[Example]) -> Measured:
    """The model that `lianxin train` writes, in pure Python."""
    from infra.training.train import train as learn

    data = learn(train).model

    def load() -> Answers:
        model = Classifier.load(data)

        def answer(one: Example) -> str:
            found = model.probabilities(one.title, one.body)
            return max(found, key=lambda label: found[label])

        return answer

    return _measured("连心 Lianxin", load, len(data), test, ())


def scikit(train: Sequence[Example], test: Sequence[Example]) -> Measured:
    """TF-IDF of 1- to 3-grams of characters, the best 30 000 of them, and a linear SVM."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.feature_selection import SelectKBest, chi2
    from sklearn.pipeline import make_pipeline
    from sklearn.svm import LinearSVC

    texts, labels = [_text(one) for one in train], [one.label for one in train]
    kind = {"analyzer": "char", "ngram_range": (1, 3), "sublinear_tf": True}
    grams = TfidfVectorizer(min_df=2, **kind)
    inputs = grams.fit_transform(texts)
    best = SelectKBest(chi2, k=min(KEPT, inputs.shape[1])).fit(inputs, labels)
    # A selector in the pipeline would sort all n-grams anew for every message.
    kept = best.get_feature_names_out(grams.get_feature_names_out())
    model = make_pipeline(TfidfVectorizer(vocabulary=kept, **kind), LinearSVC())
    model.fit(texts, labels)
    data = pickle.dumps(model)

    def load() -> Answers:
        model = pickle.loads(data)
        return lambda one: str(model.predict([_text(one)])[0])

    return _measured("scikit-learn TF-IDF + LinearSVC", load, len(data), test, SCIKIT)


def fasttext(train: Sequence[Example], test: Sequence[Example]) -> Measured:
    """fastText on characters and pairs of them, with the settings that served it best."""
    name = "fastText"
    try:
        import fasttext as package
    except ModuleNotFoundError:
        return Measured(
            name,
            absent=(
                "未安装：.venv/bin/python -m pip install fasttext-wheel",
                "not installed: .venv/bin/python -m pip install fasttext-wheel",
            ),
        )
    labels = sorted({one.label for one in train})
    with tempfile.TemporaryDirectory() as folder:
        lines, stored = Path(folder, "train.txt"), Path(folder, "model.bin")
        rows = (f"__label__{labels.index(one.label)} {_spaced(one)}\n" for one in train)
        lines.write_text("".join(rows), "utf-8")
        package.train_supervised(
            str(lines), lr=0.1, epoch=50, wordNgrams=2, dim=50, bucket=500_000, thread=1, verbose=0
        ).save_model(str(stored))
        package.FastText.eprint = lambda *_: None  # it warns at every load

        def load() -> Answers:
            model = package.load_model(str(stored))

            def answer(one: Example) -> str:
                # The package's own `predict` fails with numpy 2; it asks the same of `f`.
                ((_, label),) = model.f.predict(f"{_spaced(one)}\n", 1, 0.0, "strict")
                return labels[int(label.removeprefix("__label__"))]

            return answer

        return _measured(name, load, stored.stat().st_size, test, FASTTEXT)


def _measured(
    name: str,
    load: Callable[[], Answers],
    size: int,
    test: Sequence[Example],
    packages: Sequence[str],
) -> Measured:
    loads = []
    for _ in range(LOADS):
        began = process_time()
        answer = load()
        loads.append(process_time() - began)
    answer(test[0])  # warm
    began = process_time()
    given = [answer(one) for one in test]
    spent = process_time() - began
    f1 = f1_by_label([(one.label, label) for one, label in zip(test, given, strict=True)])
    return Measured(
        name=name,
        macro_f1=round(mean(f1.values()), 4),
        model_mb=round(size / 1e6, 3),
        load_ms=round(min(loads) * 1e3, 1),
        us=round(spent / len(test) * 1e6, 1),
        packages_mb=round(sum(map(_installed, packages)) / 1e6, 1),
    )


def _text(one: Example) -> str:
    return "".join(filter(str.isalnum, folded(one.title + one.body)))


def _spaced(one: Example) -> str:
    return " ".join(_text(one))


def _installed(package: str) -> int:
    """Bytes of a package on the disk; 0 if it is not there."""
    try:
        listed = files(package) or []
    except PackageNotFoundError:
        return 0
    paths = (Path(str(one.locate())) for one in listed)
    return sum(path.stat().st_size for path in paths if path.is_file())


def _tell(found: Sequence[Measured], learned: int, asked: int, kept: bool) -> None:
    from rich.console import Console
    from rich.table import Table

    out = Console(highlight=False, width=None if sys.stdout.isatty() else 120)
    out.print(
        f"训练 {learned} 行，检验 {asked} 行 · trained on {learned} rows, measured on {asked}"
    )
    table = Table("", "宏平均 macro-F1", "模型 model MB", "加载 load ms", "每条 µs", "依赖包 MB")
    for one in found:
        cells: list[Any] = [one.macro_f1, one.model_mb, one.load_ms, one.us, one.packages_mb]
        table.add_row(one.name, *(["—"] * 5 if one.absent else map(str, cells)))
    out.print(table)
    for one in found:
        if one.absent:
            out.print(f"{one.name}：{one.absent[0]} · {one.absent[1]}", markup=False)
    out.print(
        f"{'✓' if kept else '✗'} 连心 Lianxin: macro-F1 ≥ {LEAST_F1}, ≤ {MOST_MB:g} MB, "
        f"≤ {MOST_LOAD_MS:g} ms, ≤ {MOST_US:g} µs"
    )
