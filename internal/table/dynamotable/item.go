package dynamotable

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"flashmentoring/internal/table"
)

// Attribute names. Short, because every item stores and pays for them.
const (
	attributePK      = "PK"
	attributeSK      = "SK"
	attributeVersion = "V"
	attributeData    = "D"
	attributeExpires = "TTL"
)

// keyAttributes are the names of the two attributes that an index, or the table itself, is sorted by.
func keyAttributes(index table.Index) (pk, sk string) {
	return string(index) + attributePK, string(index) + attributeSK
}

type item = map[string]types.AttributeValue

func text(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }
func number(n int64) types.AttributeValue {
	return &types.AttributeValueMemberN{Value: strconv.FormatInt(n, 10)}
}

func keyItem(k table.Key) item {
	return item{attributePK: text(k.PK), attributeSK: text(k.SK)}
}

func keyOf(stored item) table.Key {
	d := decoder{item: stored}
	return table.Key{PK: d.text(attributePK), SK: d.text(attributeSK)}
}

func encode(r table.Record) item {
	encoded := keyItem(r.Key)
	encoded[attributeVersion] = number(r.Version)
	encoded[attributeData] = text(string(r.Data))
	for index, entry := range r.Entries {
		pk, sk := keyAttributes(index)
		encoded[pk], encoded[sk] = text(entry.PK), text(entry.SK)
	}
	if !r.Expires.IsZero() {
		encoded[attributeExpires] = number(r.Expires.Unix())
	}
	return encoded
}

// errDamaged says that an item was not written by encode.
var errDamaged = errors.New("damaged record")

// decode returns the record of an item. What a keys-only index leaves out stays zero.
func decode(stored item) (table.Record, error) {
	d := decoder{item: stored}
	record := table.Record{
		Key:     keyOf(stored),
		Version: d.number(attributeVersion),
		Entries: d.entries(),
	}
	if data := d.text(attributeData); data != "" {
		record.Data = []byte(data)
	}
	if seconds := d.number(attributeExpires); seconds != 0 {
		record.Expires = time.Unix(seconds, 0).UTC()
	}
	if record.PK == "" || record.SK == "" {
		d.damaged = true
	}
	if d.damaged {
		return table.Record{}, fmt.Errorf("%w: %w %q", table.ErrUnavailable, errDamaged, record.Key)
	}
	return record, nil
}

// decoder reads attributes that may be absent; it is damaged once one is of another type.
type decoder struct {
	item    item
	damaged bool
}

func (d *decoder) text(name string) string {
	switch value := d.item[name].(type) {
	case nil:
	case *types.AttributeValueMemberS:
		return value.Value
	default:
		d.damaged = true
	}
	return ""
}

func (d *decoder) number(name string) int64 {
	switch value := d.item[name].(type) {
	case nil:
	case *types.AttributeValueMemberN:
		n, err := strconv.ParseInt(value.Value, 10, 64)
		d.damaged = d.damaged || err != nil
		return n
	default:
		d.damaged = true
	}
	return 0
}

func (d *decoder) entries() map[table.Index]table.Key {
	var entries map[table.Index]table.Key
	for _, index := range table.Indexes {
		pk, sk := keyAttributes(index)
		entry := table.Key{PK: d.text(pk), SK: d.text(sk)}
		if entry == (table.Key{}) {
			continue
		}
		if entries == nil {
			entries = make(map[table.Index]table.Key, len(table.Indexes))
		}
		entries[index] = entry
	}
	return entries
}
