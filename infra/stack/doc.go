// Package stack holds what is deployed to what it promises: template.yaml as CloudFormation gets it, with all that the
// AWS Serverless Application Model adds, and infra/OPERATIONS.md, which says how to run it. It is all tests.
//
// What SAM makes of the template is asked of AWS's own translator (transform.py), because it adds roles, permissions and
// versions that nobody wrote down, and these count too.
//
// Each promise is a function that lists what breaks it, so that the tests can break the template on purpose and see each
// of them notice (wrong_test.go).
package stack
