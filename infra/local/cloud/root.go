package cloud

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// ErrNoTemplate says that the program runs outside the project.
var ErrNoTemplate = errors.New("template.yaml was not found")

const (
	templateFile = "template.yaml"
	openAPIFile  = "infra/openapi.yaml"
	engineFolder = "infra/dynamodb-local"
)

// findRoot is the nearest folder, from start upwards, with template.yaml and go.mod in it.
func findRoot(start string) (string, error) {
	start, err := filepath.Abs(start)
	if err != nil {
		return "", err
	}
	for dir := start; ; dir = filepath.Dir(dir) {
		if isFile(filepath.Join(dir, templateFile)) && isFile(filepath.Join(dir, "go.mod")) {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", fmt.Errorf("%w in %s or above it: start the program inside the project", ErrNoTemplate, start)
		}
	}
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}
