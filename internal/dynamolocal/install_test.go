package dynamolocal_test

import (
	"errors"
	"testing"

	"flashmentoring/internal/dynamolocal"
)

func TestInstallWithoutNPM(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if err := dynamolocal.Install(t.Context(), t.TempDir()); !errors.Is(err, dynamolocal.ErrMissing) {
		t.Errorf("got error %v, want ErrMissing", err)
	}
}
