"""Prints, as JSON, what CloudFormation makes of a SAM template: python transform.py template.yaml

It is AWS's own translator (the package aws-sam-translator) that does the work, with parameters at their defaults.
Conditions stay in, so what is printed holds everything any deployment can have.
"""

import json
import sys

from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import yaml_parse

with open(sys.argv[1], encoding="utf-8") as f:
    template = yaml_parse(f.read())

for resource in template["Resources"].values():
    if resource["Type"] == "AWS::Serverless::Function":
        # Where `sam deploy` has put the code by then.
        resource["Properties"]["CodeUri"] = "s3://bucket/code"

json.dump(Translator({}, Parser()).translate(template, {}), sys.stdout)
