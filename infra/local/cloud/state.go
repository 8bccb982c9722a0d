package cloud

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	bolt "go.etcd.io/bbolt"
	boltErrors "go.etcd.io/bbolt/errors"
)

// ErrInUse says that another local cloud runs in the same folder.
var ErrInUse = errors.New("the data folder is in use")

// state is what the local cloud remembers beside the table: its clock, its secrets, its mails. It also is the lock on
// the data folder, because one process at a time can have it open.
type state struct{ db *bolt.DB }

var (
	settingsBucket = []byte("settings")
	mailBucket     = []byte("mail")
)

// openState opens or makes the state in a folder. It returns [ErrInUse] while another process has it open.
func openState(dir string) (*state, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	db, err := bolt.Open(filepath.Join(dir, "state.db"), 0o600, &bolt.Options{
		Timeout: 500 * time.Millisecond, NoSync: true, NoGrowSync: true, // as the table (engine.go)
	})
	if errors.Is(err, boltErrors.ErrTimeout) {
		return nil, fmt.Errorf("%w: another local cloud runs in %s; stop it, or give this one a DATA_DIR of its own",
			ErrInUse, dir)
	}
	if err != nil {
		return nil, fmt.Errorf("data folder %s: %w", dir, err)
	}
	s := &state{db}
	if err := s.prepare(); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return s, nil
}

func (s *state) prepare() error {
	return s.db.Update(func(tx *bolt.Tx) error {
		for _, name := range [][]byte{settingsBucket, mailBucket} {
			if _, err := tx.CreateBucketIfNotExists(name); err != nil {
				return err
			}
		}
		return nil
	})
}

// forget makes the state as new.
func (s *state) forget() error {
	err := s.db.Update(func(tx *bolt.Tx) error {
		return errors.Join(tx.DeleteBucket(settingsBucket), tx.DeleteBucket(mailBucket))
	})
	return errors.Join(err, s.prepare())
}

func (s *state) close() error { return s.db.Close() }

// setting is the value of a name; "" when it was never set.
func (s *state) setting(name string) (value string) {
	_ = s.db.View(func(tx *bolt.Tx) error {
		value = string(tx.Bucket(settingsBucket).Get([]byte(name)))
		return nil
	})
	return value
}

func (s *state) set(name, value string) error {
	return s.db.Update(func(tx *bolt.Tx) error {
		return tx.Bucket(settingsBucket).Put([]byte(name), []byte(value))
	})
}

// settingOr is the value of a name, set to another one first where there is none.
func (s *state) settingOr(name, otherwise string) (string, error) {
	if value := s.setting(name); value != "" {
		return value, nil
	}
	return otherwise, s.set(name, otherwise)
}

// secret is a random text that stays the same.
func (s *state) secret(name string) (string, error) {
	return s.settingOr(name, rand.Text()+rand.Text())
}

// addMail keeps one mail, as JSON, behind all others.
func (s *state) addMail(mail any) error {
	text, err := json.Marshal(mail)
	if err != nil {
		return err
	}
	return s.db.Update(func(tx *bolt.Tx) error {
		bucket := tx.Bucket(mailBucket)
		n, err := bucket.NextSequence()
		if err != nil {
			return err
		}
		return bucket.Put(binary.BigEndian.AppendUint64(nil, n), text)
	})
}

// mails reads all mails that were kept, oldest first.
func mails[T any](s *state) (all []T, err error) {
	err = s.db.View(func(tx *bolt.Tx) error {
		return tx.Bucket(mailBucket).ForEach(func(_, text []byte) error {
			var one T
			if err := json.Unmarshal(text, &one); err != nil {
				return fmt.Errorf("a mail that was kept cannot be read: %w", err)
			}
			all = append(all, one)
			return nil
		})
	})
	return all, err
}
