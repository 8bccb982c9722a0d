package dynamotable_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"flashmentoring/internal/table"
	"flashmentoring/internal/table/dynamotable"
)

// atOnce answers each request at once, and always the same.
type atOnce string

func (a atOnce) Do(r *http.Request) (*http.Response, error) {
	_, err := io.Copy(io.Discard, r.Body)
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/x-amz-json-1.0"}},
		Body: io.NopCloser(strings.NewReader(string(a))), Request: r,
	}, err
}

// engineAtOnce is a table whose service takes no time: what is left is our encoding and decoding, and the SDK's.
func engineAtOnce(answer string) *dynamotable.Table {
	return dynamotable.New(dynamotable.Connect(aws.Config{
		Region: "eu-central-1", HTTPClient: atOnce(answer),
		Credentials: credentials.NewStaticCredentialsProvider("key", "secret", ""),
	}), "flash")
}

// A page of twenty records, as browsing reads it.
func BenchmarkQuery(b *testing.B) {
	document := `{\"title\":\"` + strings.Repeat("x", 700) + `\"}`
	item := `{"PK":{"S":"SLOT#1"},"SK":{"S":"LISTING"},"V":{"N":"1"},"D":{"S":"` + document + `"},"openPK":{"S":"OPEN#00"},"openSK":{"S":"1"}}`
	on := engineAtOnce(`{"Count":20,"Items":[` + strings.Repeat(item+",", 19) + item + `]}`)
	b.ReportAllocs()
	for b.Loop() {
		page, err := on.Query(b.Context(), table.Range{Index: table.Open, PK: "OPEN#00", Limit: 20})
		if err != nil || len(page.Records) != 20 {
			b.Fatal(len(page.Records), err)
		}
	}
}

// A commit as a booking makes it.
func BenchmarkCommit(b *testing.B) {
	on := engineAtOnce(`{}`)
	data := bytes.Repeat([]byte("x"), 700)
	at := func(pk string, version int64) table.Record {
		return table.Record{Key: table.Key{PK: pk, SK: "RECORD"}, Version: version, Data: data}
	}
	booking := at("BOOKING#1", 0)
	booking.Entries = map[table.Index]table.Key{table.Attending: {PK: "PERSON#1", SK: "1"}, table.Hosting: {PK: "PERSON#2", SK: "1"}}
	b.ReportAllocs()
	for b.Loop() {
		err := on.Commit(b.Context(), table.Insert(at("SLOT#1", 0)), table.Update(at("PERSON#1", 3)), table.Insert(booking),
			table.Insert(at("OUTBOX#1", 0)), table.Insert(at("IDEM#1", 0)))
		if err != nil {
			b.Fatal(err)
		}
	}
}
