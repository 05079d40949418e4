"""Reads rendered manifests from stdin and says, a line each, what a strict API server would refuse. Silent where nothing.

The folder that is named has CustomResourceDefinitions.
"""
import functools
import pathlib
import sys

import jsonschema
import kubernetes_validate
import yaml
from kubeflow_trainer_api import models

VERSION = "1.34"
# Kinds that Kubernetes itself does not have. A model drops fields that it does not know, which is how they are found.
MODELS = {
    ("jobset.x-k8s.io/v1alpha2", "JobSet"): models.JobsetV1alpha2JobSet,
    ("trainer.kubeflow.org/v1alpha1", "TrainJob"): models.TrainerV1alpha1TrainJob,
    ("trainer.kubeflow.org/v1alpha1", "TrainingRuntime"): models.TrainerV1alpha1TrainingRuntime,
}


def closed(schema):
    """A server that is strict takes no field that a definition does not have."""
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {key: closed(part) for key, part in schema.items()}
    # A map of fields may have one of any name: `properties` here is the schema's own word, where it has a type.
    if isinstance(schema.get("properties"), dict) and schema.get("type") == "object":
        kept.setdefault("additionalProperties", bool(schema.get("x-kubernetes-preserve-unknown-fields")))
    if schema.get("x-kubernetes-int-or-string"):
        kept.pop("type", None)
    return kept


@functools.cache
def definition(api_version, kind):
    """The schema of a kind that Kubernetes itself does not have; None where nobody defines it."""
    group, _, version = api_version.partition("/")
    path = pathlib.Path(sys.argv[1], f"{group}_{kind.lower()}s.yaml")
    if not path.exists():
        return None
    spec = yaml.load(path.read_text(), yaml.CSafeLoader)["spec"]
    found = next((one for one in spec["versions"] if one["name"] == version), None)
    if found is None:
        return False
    schema = closed(found["schema"]["openAPIV3Schema"])
    schema["properties"]["metadata"] = {"type": "object"}
    return schema


def dropped(given, kept, path=""):
    if isinstance(given, dict):
        for key, value in given.items():
            if not isinstance(kept, dict) or key not in kept:
                yield f"{path}.{key} is unknown"
            else:
                yield from dropped(value, kept[key], f"{path}.{key}")
    elif isinstance(given, list):
        for i, value in enumerate(given):
            yield from dropped(value, kept[i] if isinstance(kept, list) and i < len(kept) else None, f"{path}[{i}]")


def problems(resource):
    kind = (resource["apiVersion"], resource["kind"])
    defined = definition(*kind)
    if defined is not None:
        # `False` is a schema too: of nothing.
        for error in jsonschema.Draft202012Validator(defined).iter_errors(resource):
            yield f"{'.'.join(str(part) for part in error.absolute_path)}: {error.message}"
        return
    model = MODELS.get(kind)
    if model is None:
        try:
            kubernetes_validate.validate(resource, VERSION, strict=True)
        except kubernetes_validate.ValidationError as error:
            yield f"{'.'.join(str(part) for part in error.path)}: {error.message}"
        except kubernetes_validate.SchemaNotFoundError:
            yield "there is no schema of it"
        return
    try:
        yield from dropped(resource, model.from_dict(resource).to_dict())
    except ValueError as error:
        yield str(error).replace("\n", " ")


for document in yaml.safe_load_all(sys.stdin):
    for problem in problems(document):
        print(f"{document['kind']} {document['metadata']['name']}: {problem}")
