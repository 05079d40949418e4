"""Reads rendered manifests from stdin and says, a line each, what a strict API server would refuse. Silent where nothing."""
import sys

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
    model = MODELS.get((resource["apiVersion"], resource["kind"]))
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
