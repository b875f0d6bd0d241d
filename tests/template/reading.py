"""The two templates as data: as written, and as SAM translates them."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import boto3
from samtranslator.parser.parser import Parser  # type: ignore[import-untyped]
from samtranslator.translator.translator import Translator  # type: ignore[import-untyped]
from samtranslator.yaml_helper import yaml_parse  # type: ignore[import-untyped]

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ("template.yaml", "infra/units/unit-queue.yaml")

Resources = dict[str, dict[str, Any]]


def written(name: str) -> dict[str, Any]:
    """The template as its author wrote it, intrinsic functions in their long form."""
    document: dict[str, Any] = yaml_parse((ROOT / name).read_text(encoding="utf-8"))
    return document


def translated(name: str) -> Resources:
    """The plain CloudFormation resources that SAM makes of the template."""
    document = copy.deepcopy(written(name))
    if "Transform" not in document:
        return dict(document["Resources"])
    for resource in document["Resources"].values():
        for key in ("CodeUri", "ContentUri"):
            if key in resource.get("Properties", {}):
                resource["Properties"][key] = "s3://bucket/key"
    session = boto3.Session(region_name="cn-north-1")
    translator = Translator({}, Parser(), boto_session=session)
    return dict(translator.translate(document, {})["Resources"])


def of_type(resources: Resources, kind: str) -> Resources:
    """The resources of one type, by logical id."""
    return {name: one for name, one in resources.items() if one["Type"] == kind}


def target(value: Any) -> str:
    """The logical id that a Ref or a Fn::GetAtt points to."""
    if "Ref" in value:
        return str(value["Ref"])
    attribute = value["Fn::GetAtt"]
    return str(attribute.split(".")[0] if isinstance(attribute, str) else attribute[0])
