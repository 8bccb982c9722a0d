package bolttable

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"time"

	"flashmentoring/internal/table"
)

// A stored value is a format byte, the version, the expiry in Unix seconds (0: none), the number of index
// entries, each as three texts with their lengths before them, and the document up to the end. The key is
// not repeated. JSON would be the obvious encoding, but it has to escape the document or write it in
// base64, and either takes longer than all the rest of a commit.
const format = 1

// errDamaged says that a stored value was not written by encode.
var errDamaged = errors.New("damaged record")

// join is the form of a key, of a record or an index entry, in a bucket.
func join(key table.Key) []byte {
	joined := make([]byte, 0, len(key.PK)+1+len(key.SK))
	joined = append(joined, key.PK...)
	joined = append(joined, 0)
	return append(joined, key.SK...)
}

func split(joined []byte) table.Key {
	pk, sk, _ := bytes.Cut(joined, []byte{0})
	return table.Key{PK: string(pk), SK: string(sk)}
}

func encode(r table.Record) []byte {
	value := make([]byte, 0, r.Size()+32)
	value = append(value, format)
	value = binary.AppendUvarint(value, uint64(r.Version))
	value = binary.AppendVarint(value, expiry(r.Expires))
	value = binary.AppendUvarint(value, uint64(len(r.Entries)))
	for _, index := range table.Indexes {
		if entry, ok := r.Entries[index]; ok {
			value = appendText(value, string(index))
			value = appendText(value, entry.PK)
			value = appendText(value, entry.SK)
		}
	}
	return append(value, r.Data...)
}

func appendText(value []byte, text string) []byte {
	return append(binary.AppendUvarint(value, uint64(len(text))), text...)
}

func expiry(at time.Time) int64 {
	if at.IsZero() {
		return 0
	}
	return at.Unix()
}

// decode returns the record stored under a joined key. It shares no memory with its arguments, which
// belong to a transaction.
func decode(joined, value []byte) (table.Record, error) {
	header, data, err := decodeHeader(joined, value)
	if err != nil {
		return table.Record{}, err
	}
	header.Data = bytes.Clone(data)
	return header, nil
}

// decodeHeader returns the record without its document, and the document as a part of value.
func decodeHeader(joined, value []byte) (table.Record, []byte, error) {
	d := decoder{rest: value}
	if d.byte() != format {
		d.damaged = true
	}
	record := table.Record{Key: split(joined), Version: int64(d.uvarint())}
	if seconds := d.varint(); seconds != 0 {
		record.Expires = time.Unix(seconds, 0).UTC()
	}
	for n := d.uvarint(); n > 0 && !d.damaged; n-- {
		if record.Entries == nil {
			record.Entries = make(map[table.Index]table.Key)
		}
		index := table.Index(d.text())
		record.Entries[index] = table.Key{PK: d.text(), SK: d.text()}
	}
	if d.damaged {
		return table.Record{}, nil, fmt.Errorf("%w: %w %q", table.ErrUnavailable, errDamaged, joined)
	}
	return record, d.rest, nil
}

// decoder takes a value apart from its front. Once it is damaged, it yields zeros.
type decoder struct {
	rest    []byte
	damaged bool
}

func (d *decoder) byte() byte {
	if taken := d.take(1); taken != nil {
		return taken[0]
	}
	return 0
}

func (d *decoder) uvarint() uint64 {
	n, size := binary.Uvarint(d.rest)
	if d.take(size) == nil {
		return 0
	}
	return n
}

func (d *decoder) varint() int64 {
	n, size := binary.Varint(d.rest)
	if d.take(size) == nil {
		return 0
	}
	return n
}

func (d *decoder) text() string {
	size := d.uvarint()
	if size == 0 {
		return ""
	}
	return string(d.take(int(min(size, uint64(len(d.rest))+1))))
}

// take cuts off the next n bytes, 1 at least; or it is nil and the value is damaged.
func (d *decoder) take(n int) []byte {
	if d.damaged || n < 1 || n > len(d.rest) {
		d.damaged = true
		return nil
	}
	taken := d.rest[:n]
	d.rest = d.rest[n:]
	return taken
}
