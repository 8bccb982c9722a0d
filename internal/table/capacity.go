package table

// What calls use, for engines other than DynamoDB and for tests: DynamoDB Local's own figures are too low for
// transactions. The rules of capacity are those of the Amazon DynamoDB developer guide, in "DynamoDB read and write
// operations" (reads, writes), "DynamoDB transactions: how it works", section "Capacity management"
// (transactions) and "Using global secondary indexes", section "Provisioned throughput considerations"
// (indexes). Each function quotes what it follows.

const (
	readUnit  = 4 << 10 // bytes of a read capacity unit
	writeUnit = 1 << 10 // bytes of a write capacity unit
)

// units rounds size up to whole units, one at least: what is not there costs as much as something small.
func units(size, unit int) float64 { return float64(max(1, (size+unit-1)/unit)) }

// GetCapacity of a strongly consistent batch: "DynamoDB first rounds up the size of each item to the next
// 4 KB boundary, and then calculates the total size"; an item that does not exist "consumes one read
// capacity unit". A key given twice is read once.
func GetCapacity(keys []Key, records []Record) (rcu float64) {
	found := make(map[Key]Record, len(records))
	for _, r := range records {
		found[r.Key] = r
	}
	counted := make(map[Key]bool, len(keys))
	for _, key := range keys {
		if !counted[key] {
			counted[key] = true
			rcu += units(found[key].Size(), readUnit)
		}
	}
	return rcu
}

// QueryCapacity: "All items returned are treated as a single read operation, where DynamoDB computes the
// total size of all items and then rounds up to the next 4 KB boundary." Reads of an index are eventually
// consistent, cost half, and count what the index holds.
func QueryCapacity(index Index, records []Record) float64 {
	size := 0
	for _, r := range records {
		size += projectedSize(index, r)
	}
	if index != "" {
		return units(size, readUnit) / 2
	}
	return units(size, readUnit)
}

// projectedSize is the size of a record in an index, or in the table.
func projectedSize(index Index, r Record) int {
	if !index.KeysOnly() {
		return r.Size()
	}
	entry := r.Entries[index]
	return len("PK") + len(r.PK) + len("SK") + len(r.SK) +
		2*len(index) + len("PK") + len(entry.PK) + len("SK") + len(entry.SK)
}

// CommitCapacity: "DynamoDB performs two underlying reads or writes of every item in the transaction: one
// to prepare the transaction and one to commit". A put or a delete that is alone needs no transaction, and
// dynamotable makes none of it.
func CommitCapacity(writes []Write, before map[Key]Record) (wcu float64) {
	for _, write := range writes {
		wcu += writeCapacity(write, before[write.Record.Key])
	}
	if len(writes) == 1 && writes[0].Action != Check {
		return wcu
	}
	return 2 * wcu
}

// writeCapacity of a plain write is that of "the larger of the before and after item sizes". Checks and
// deletes count what is there. Before is empty when nothing is.
func writeCapacity(write Write, before Record) float64 {
	size := 0
	if before.Version > 0 {
		size = before.Size()
	}
	if write.Action == Put {
		size = max(size, after(write).Size())
	}
	return units(size, writeUnit)
}

// after is the record that the write stores, or an empty one.
func after(write Write) Record {
	if write.Action != Put {
		return Record{}
	}
	stored := write.Record
	stored.Version = write.NextVersion()
	return stored
}

// IndexCapacity of a commit that was applied. An index is not part of the transaction: it follows once the
// transaction is complete, at the price of plain writes.
func IndexCapacity(writes []Write, before map[Key]Record) (wcu float64) {
	for _, write := range writes {
		if write.Action == Check {
			continue
		}
		for _, index := range Indexes {
			wcu += entryCapacity(index, before[write.Record.Key], after(write))
		}
	}
	return wcu
}

// entryCapacity: "one write operation is required to put the item into the index"; "if an update changes
// the value of an indexed key attribute (from A to B), two writes are required, one to delete the previous
// item and another to put the new item"; "one write is required to delete the old item projection"; "one
// write is required to update the values of the projected attributes". A keys-only index projects none.
func entryCapacity(index Index, before, after Record) float64 {
	was, left := before.Entries[index]
	is, entered := after.Entries[index]
	if left && entered && was == is {
		if index.KeysOnly() {
			return 0
		}
		return units(max(projectedSize(index, before), projectedSize(index, after)), writeUnit)
	}
	wcu := 0.0
	if left {
		wcu += units(projectedSize(index, before), writeUnit)
	}
	if entered {
		wcu += units(projectedSize(index, after), writeUnit)
	}
	return wcu
}
