package samtemplate

import "fmt"

// TableSchema is what a table is made of, as far as an engine must know it.
type TableSchema struct {
	Key     KeySchema
	Indexes []IndexSchema
	// TTL is the attribute that lets records expire, or "".
	TTL string
	// Stream is the view type of the table's stream, such as "KEYS_ONLY", or "" when it has none.
	Stream string
}

// KeySchema names the attributes of a key. Both are text.
type KeySchema struct{ Partition, Sort string }

// IndexSchema is a global secondary index.
type IndexSchema struct {
	Name string
	Key  KeySchema
	// Projection is "ALL" or "KEYS_ONLY".
	Projection string
}

type dynamoTable struct {
	AttributeDefinitions []struct {
		AttributeName string `yaml:"AttributeName"`
		AttributeType string `yaml:"AttributeType"`
	} `yaml:"AttributeDefinitions"`
	KeySchema              keySchema `yaml:"KeySchema"`
	GlobalSecondaryIndexes []struct {
		IndexName  string    `yaml:"IndexName"`
		KeySchema  keySchema `yaml:"KeySchema"`
		Projection struct {
			ProjectionType string `yaml:"ProjectionType"`
		} `yaml:"Projection"`
	} `yaml:"GlobalSecondaryIndexes"`
	StreamSpecification struct {
		StreamViewType string `yaml:"StreamViewType"`
	} `yaml:"StreamSpecification"`
	TimeToLiveSpecification struct {
		AttributeName string `yaml:"AttributeName"`
		Enabled       bool   `yaml:"Enabled"`
	} `yaml:"TimeToLiveSpecification"`
}

type keySchema []struct {
	AttributeName string `yaml:"AttributeName"`
	KeyType       string `yaml:"KeyType"`
}

// Table is the schema of the table with this logical id. It returns an error when there is none, or when a key
// of it or of an index is not a partition and a sort key of text.
func (t *Template) Table(id string) (TableSchema, error) {
	found, ok := t.tables[id]
	if !ok {
		return TableSchema{}, fmt.Errorf("template: no table %q; there are %v", id, sortedKeys(t.tables))
	}
	schema, err := found.schema()
	if err != nil {
		return TableSchema{}, fmt.Errorf("template: table %s: %w", id, err)
	}
	return schema, nil
}

func (d dynamoTable) schema() (TableSchema, error) {
	schema := TableSchema{Stream: d.StreamSpecification.StreamViewType}
	if d.TimeToLiveSpecification.Enabled {
		schema.TTL = d.TimeToLiveSpecification.AttributeName
	}
	var err error
	if schema.Key, err = d.key(d.KeySchema); err != nil {
		return TableSchema{}, err
	}
	for _, index := range d.GlobalSecondaryIndexes {
		key, err := d.key(index.KeySchema)
		if err != nil {
			return TableSchema{}, fmt.Errorf("index %s: %w", index.IndexName, err)
		}
		schema.Indexes = append(schema.Indexes, IndexSchema{index.IndexName, key, index.Projection.ProjectionType})
	}
	return schema, nil
}

func (d dynamoTable) key(k keySchema) (KeySchema, error) {
	var key KeySchema
	for _, part := range k {
		if !d.isText(part.AttributeName) {
			return KeySchema{}, fmt.Errorf("key attribute %q is not defined as text", part.AttributeName)
		}
		switch part.KeyType {
		case "HASH":
			key.Partition = part.AttributeName
		case "RANGE":
			key.Sort = part.AttributeName
		}
	}
	if key.Partition == "" || key.Sort == "" {
		return KeySchema{}, fmt.Errorf("the key is not a HASH and a RANGE attribute")
	}
	return key, nil
}

func (d dynamoTable) isText(attribute string) bool {
	for _, definition := range d.AttributeDefinitions {
		if definition.AttributeName == attribute {
			return definition.AttributeType == "S"
		}
	}
	return false
}
