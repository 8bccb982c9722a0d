package localissuer

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// LoadOrCreate is [New] with the keys kept in a file, so that tokens stay good when the program is started
// again. The file, a JWK set that only its owner may read, is made where it is missing, with its folder; one
// that cannot be read is an error and stays as it is.
func LoadOrCreate(path, issuerURL string, now func() time.Time) (*Issuer, error) {
	i, err := New(issuerURL, now)
	if err != nil {
		return nil, err
	}
	i.path = path
	kept, err := load(path)
	if errors.Is(err, fs.ErrNotExist) {
		kept, err = i.keys, save(path, i.keys)
	}
	if err != nil {
		return nil, err
	}
	i.keys = kept
	return i, nil
}

func load(path string) ([]jose.JSONWebKey, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("localissuer: %w", err)
	}
	var set jose.JSONWebKeySet
	if err := json.Unmarshal(text, &set); err != nil || len(set.Keys) == 0 {
		return nil, fmt.Errorf("localissuer: %s does not hold a set of keys", path)
	}
	for _, key := range set.Keys {
		private, is := key.Key.(*ecdsa.PrivateKey)
		if !is || private.Curve != elliptic.P256() || key.KeyID == "" {
			return nil, fmt.Errorf("localissuer: %s holds another kind of key", path)
		}
	}
	return set.Keys, nil
}

// save replaces the file in one step, so that no reader finds half of it.
func save(path string, keys []jose.JSONWebKey) error {
	text, err := json.Marshal(jose.JSONWebKeySet{Keys: keys})
	if err != nil {
		return fmt.Errorf("localissuer: writing keys: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("localissuer: %w", err)
	}
	draft, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*") // readable by its owner only
	if err != nil {
		return fmt.Errorf("localissuer: %w", err)
	}
	defer os.Remove(draft.Name())
	_, err = draft.Write(text)
	if err := errors.Join(err, draft.Close()); err != nil {
		return fmt.Errorf("localissuer: %w", err)
	}
	if err := os.Rename(draft.Name(), path); err != nil {
		return fmt.Errorf("localissuer: %w", err)
	}
	return nil
}
