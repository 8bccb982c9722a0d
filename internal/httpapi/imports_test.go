package httpapi_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// importing is a file of rows.
func importing(rows ...string) csvFile {
	return csvFile("email,managerEmail,cohort\n" + strings.Join(rows, "\n") + "\n")
}

// outcomes are what became of each row, as "row email outcome code".
func (r reply) outcomes() (found []string) {
	r.Helper()
	list, _ := r.expect(http.StatusOK).at("rows").([]any)
	for _, row := range list {
		row := row.(map[string]any)
		found = append(found, strings.Trim(strings.ReplaceAll(fmt.Sprintf("%v %v %v %v", row["row"], row["email"], row["outcome"], row["code"]), "<nil>", ""), " "))
	}
	return found
}

func (r reply) became(want ...string) reply {
	r.Helper()
	if diff := cmp.Diff(want, r.outcomes()); diff != "" {
		r.Errorf("rows (-want +got):\n%s\n%s", diff, r.text)
	}
	return r
}

// TestImportOfPeople from the first file to the enrolment of those it named.
func TestImportOfPeople(t *testing.T) {
	for name, door := range map[string]setting{"net/http": {door: overNetwork}, "lambda events": {door: asEvents}} {
		t.Run(name, func(t *testing.T) {
			w := open(t, door)
			coordinator, anna, ben := w.enrolled("coordinator"), w.enrolled("anna"), w.enrolled("ben")
			file := importing("anna@example.org,,Spring 2027", "BEN@example.org,anna@EXAMPLE.org,\"Spring, 2027\"", "carl@example.org,ben@example.org,", "anna@example.org ,mia@example.org,")
			coordinator.post("/v1/people/import", file).became(
				"2 anna@example.org refused duplicate_address", "3 BEN@example.org changed", "4 carl@example.org kept person_not_enrolled",
				"5 anna@example.org refused duplicate_address").
				is(1.0, "counts", "changed").is(1.0, "counts", "kept").is(2.0, "counts", "refused").is(0.0, "counts", "unchanged").is(0.0, "counts", "notReached")
			programme := coordinator.get("/v1/people/"+ben.id()+"/programme").is(anna.id(), "managerId").is("Spring, 2027", "cohort")
			ben.get("/v1/me").is(true, "managerSet").is("Spring, 2027", "cohort")
			coordinator.post("/v1/people/import", file).became(
				"2 anna@example.org refused duplicate_address", "3 BEN@example.org unchanged", "4 carl@example.org unchanged person_not_enrolled",
				"5 anna@example.org refused duplicate_address")
			same(t, programme, coordinator.get("/v1/people/"+ben.id()+"/programme"))

			w.enrolled("carl").get("/v1/me").is(true, "managerSet").is(nil, "cohort")
			coordinator.get("/v1/people/"+w.person("carl").id()+"/programme").is(ben.id(), "managerId")
			carls := w.person("carl").post("/v1/slots/"+anna.publishes(draft(48*3600e9))+"/bookings", request())
			carls.refused(http.StatusUnprocessableEntity, "conflict_of_interest") // from the first moment on

			coordinator.post("/v1/people/import", importing("anna@example.org,mia@example.org,")).became("2 anna@example.org kept manager_not_enrolled")
			coordinator.get("/v1/people/"+anna.id()+"/programme").is(true, "managerAwaited").is(nil, "managerId")
			anna.get("/v1/me").is(false, "managerSet")
			coordinator.put("/v1/people/"+anna.id()+"/programme", object{}).is(nil, "managerAwaited")

			coordinator.post("/v1/people/import", importing("anna@example.org,carl@example.org,")).became("2 anna@example.org refused manager_cycle")
			coordinator.post("/v1/people/import", importing()).became()
			if log := w.log.String(); strings.Contains(log, "example.org") || strings.Contains(log, "Spring") {
				t.Errorf("the log holds what was imported: %s", log)
			}
		})
	}
}

// TestRowsOfAnImport: what is wrong with one row is its own affair.
func TestRowsOfAnImport(t *testing.T) {
	w := open(t, setting{})
	coordinator := w.enrolled("coordinator")
	w.enrolled("anna")
	for name, c := range map[string]struct{ rows, want []string }{
		"nothing in it":       {[]string{",,"}, []string{"2  refused required"}},
		"a manager alone":     {[]string{",anna@example.org,x"}, []string{"2  refused required"}},
		"too few cells":       {[]string{"anna@example.org,"}, []string{"2  refused columns"}},
		"too many cells":      {[]string{"anna@example.org,,,"}, []string{"2  refused columns"}},
		"no address":          {[]string{"Anna,,"}, []string{"2  refused bad_format"}},
		"a name beside it":    {[]string{`"Anna <anna@example.org>",,`}, []string{"2  refused bad_format"}},
		"two":                 {[]string{`"anna@example.org, ben@example.org",,`}, []string{"2  refused bad_format"}},
		"a manager's, broken": {[]string{"anna@example.org,@,x"}, []string{"2 anna@example.org refused formula"}},
		"too long":            {[]string{strings.Repeat("a", 250) + "@example.org,,", "anna@example.org,," + strings.Repeat("c", 61)}, []string{"2  refused too_long", "3 anna@example.org refused too_long"}},
		"as long as may be":   {[]string{"anna@example.org,," + strings.Repeat("ß", 60)}, []string{"2 anna@example.org changed"}},
		"a line break":        {[]string{"anna@example.org,,\"two\nlines\"", "\"ben\n@example.org\",,"}, []string{"2 anna@example.org refused invalid_text", "4  refused invalid_text"}},
		"control characters":  {[]string{"anna@example.org,,a\x00b", "ben@example.org,,a\u202eb"}, []string{"2 anna@example.org refused invalid_text", "3 ben@example.org refused invalid_text"}},
		"formulas": {[]string{`anna@example.org,,"=HYPERLINK(""http://x.test"")"`, "ben@example.org,,+1", "carl@example.org,,-1", "dora@example.org,,@SUM(A1)", "=A1,,"},
			[]string{"2 anna@example.org refused formula", "3 ben@example.org refused formula", "4 carl@example.org refused formula", "5 dora@example.org refused formula", "6  refused formula"}},
		"an address like a formula": {[]string{"-anna@example.org,,"}, []string{"2 -anna@example.org unchanged person_not_enrolled"}},
		"signs that grow":           {[]string{"a&b@example.org,,"}, []string{"2  unchanged person_not_enrolled"}},
		"empty lines, CRLF":         {[]string{"", "anna@example.org,,x\r", "", "ben@example.org,ben@example.org,\r"}, []string{"3 anna@example.org unchanged", "5 ben@example.org refused manager_cycle"}},
		"spaces around":             {[]string{" anna@example.org , , x "}, []string{"2 anna@example.org unchanged"}},
		"in quotes":                 {[]string{`"anna@example.org","","a ""b"""`}, []string{"2 anna@example.org changed"}},
	} {
		t.Run(name, func(t *testing.T) {
			w.TB = t
			coordinator.post("/v1/people/import", importing("anna@example.org,,x")).expect(http.StatusOK)
			got := coordinator.post("/v1/people/import", importing(c.rows...)).became(c.want...)
			for i := range c.want {
				if code, detail := got.at("rows", fmt.Sprint(i), "code"), got.at("rows", fmt.Sprint(i), "detail"); (code == nil) != (detail == nil) {
					t.Errorf("row %d has code %v and detail %v", i, code, detail)
				}
			}
		})
	}
	w.TB = t
}

// TestWrongImports: files of which nothing is done.
func TestWrongImports(t *testing.T) {
	w := open(t, setting{})
	coordinator, anna := w.enrolled("coordinator"), w.enrolled("anna")
	good := importing("anna@example.org,,x")
	const row = "anna@example.org,,x\n"
	check(t, coordinator, http.MethodPost, "/v1/people/import", []wrong{
		{"no body", csvFile(""), nil, "", malformed, "malformed", nil},
		{"only line breaks", csvFile("\r\n\n"), nil, "", malformed, "malformed", nil},
		{"JSON", object{"email": "anna@example.org"}, nil, "", notJSON, "unsupported_media_type", nil},
		{"CSV called JSON", string(good), nil, "", notJSON, "unsupported_media_type", nil},
		{"a spreadsheet", good, []change{header("Content-Type", "application/vnd.ms-excel")}, "", notJSON, "unsupported_media_type", nil},
		{"another charset", good, []change{header("Content-Type", "text/csv; charset=windows-1252")}, "", notJSON, "unsupported_media_type", nil},
		{"compressed", good, []change{header("Content-Encoding", "gzip")}, "", notJSON, "unsupported_media_type", nil},
		{"not UTF-8", good + "b\xfc@example.org,,\n", nil, "", malformed, "malformed", nil},
		{"UTF-16", csvFile("\xff\xfee\x00m\x00"), nil, "", malformed, "malformed", nil},
		{"no header", csvFile(row), nil, "", invalid, "invalid_field", []string{" bad_format"}},
		{"another case", csvFile("Email,ManagerEmail,Cohort\n" + row), nil, "", invalid, "invalid_field", []string{" bad_format"}},
		{"another order", csvFile("managerEmail,email,cohort\n" + row), nil, "", invalid, "invalid_field", []string{" bad_format"}},
		{"more columns", csvFile("email,managerEmail,cohort,name\n" + row), nil, "", invalid, "invalid_field", []string{" bad_format"}},
		{"semicolons", csvFile("email;managerEmail;cohort\nanna@example.org;;x\n"), nil, "", invalid, "invalid_field", []string{" bad_format"}},
		{"a quotation mark too many", importing(`anna@example.org,,x`, `ben@example.org,,a"b`), nil, "", malformed, "malformed", nil},
		{"one that never ends", importing(`anna@example.org,,x`, `ben@example.org,,"ab`, row), nil, "", malformed, "malformed", nil},
		{"too many rows", csvFile("email,managerEmail,cohort\n" + strings.Repeat(row, 10_001)), nil, "", invalid, "invalid_field", []string{" too_long"}},
		{"too large", csvFile("email,managerEmail,cohort\n" + strings.Repeat(row, 110_000)), nil, "", tooLarge, "body_too_large", nil},
		{"a broken key", good, []change{key("")}, "", invalid, "invalid_field", []string{"/header/Idempotency-Key bad_format"}},
		{"a parameter", good, nil, "?x=1", invalid, "unknown_field", []string{"/query/x unknown_field"}},
	})
	anna.get("/v1/me").is(1.0, "version")
	anna.post("/v1/people/import", "not CSV").refused(http.StatusForbidden, "forbidden")
	coordinator.post("/v1/people/import", "\ufeff"+good, header("Content-Type", "text/csv; charset=UTF-8; header=present")).became("2 anna@example.org changed")
}

// TestTheLargestImport: what may be sent is answered, and the answer is one that a function may give (6 MB, with its
// quotation marks escaped).
func TestTheLargestImport(t *testing.T) {
	w := open(t, setting{door: asEvents})
	coordinator := w.enrolled("coordinator")
	for name, address := range map[string]string{
		"longest": "%05d" + strings.Repeat("a", 59) + "@" + strings.Repeat("b", 60) + "." + strings.Repeat("c", 55) + ".test",
		"signs":   "%05d" + strings.Repeat("&", 59) + "@" + strings.Repeat("b", 60) + "." + strings.Repeat("c", 55) + ".test",
		"wrong":   "%05d" + strings.Repeat("<", 170),
	} {
		var rows []string
		for i := range 10_000 {
			rows = append(rows, fmt.Sprintf(address, i)+",,x")
		}
		got := coordinator.post("/v1/people/import", importing(rows...)).expect(http.StatusOK)
		if n := len(fmt.Sprintf("%q", got.text)); n > 5_500_000 {
			t.Errorf("%s: the answer has %d bytes", name, n)
		}
		if n := len(got.at("rows").([]any)); n != 10_000 {
			t.Errorf("%s: %d rows", name, n)
		}
	}
}

// TestEveryOutcomeIsDocumented, and every code of a row.
func TestEveryOutcomeIsDocumented(t *testing.T) {
	document, err := openapi()
	if err != nil {
		t.Fatal(err)
	}
	outcomes := constants(t, "../mentoring/imported.go", "RowOutcome")
	codes := constants(t, "../mentoring/imported.go", "RowCode")
	if diff := cmp.Diff(outcomes, sorted(document.Enum("ImportOutcome"))); diff != "" {
		t.Errorf("outcomes (-mentoring +openapi.yaml):\n%s", diff)
	}
	if diff := cmp.Diff(codes, sorted(document.Enum("ImportCode"))); diff != "" {
		t.Errorf("codes (-mentoring +openapi.yaml):\n%s", diff)
	}
	for schema, want := range map[string][]string{"ImportOutcome": outcomes, "ImportCode": codes} {
		if diff := cmp.Diff(want, sorted(documented(document.Description(schema)))); diff != "" {
			t.Errorf("table of %s (-mentoring +openapi.yaml):\n%s", schema, diff)
		}
	}
}
