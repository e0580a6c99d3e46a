// Reads an OpenVEX document with OpenVEX's own Go library, strictly, and says what its users would find in it.
// usage: read-openvex FILE [VULNERABILITY PRODUCT [SUBCOMPONENT]]
// Without a question it prints the document as the library understood it; with one the status that the library
// finds for that vulnerability of that product. 1 for what the specification does not allow.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/openvex/go-vex/pkg/vex"
)

func check(document *vex.VEX) error {
	switch {
	case document.Context != vex.ContextLocator():
		return fmt.Errorf("@context is %q", document.Context)
	case document.ID == "" || document.Author == "" || document.Timestamp == nil || document.Version < 1:
		return errors.New("@id, author, timestamp or version is missing")
	case document.Timestamp.After(time.Now().Add(time.Hour)):
		return errors.New("the timestamp is in the future")
	case len(document.Statements) == 0:
		return errors.New("no statements")
	}
	for i := range document.Statements {
		statement := &document.Statements[i]
		if err := statement.Validate(); err != nil {
			return fmt.Errorf("statement %d: %w", i, err)
		}
		if statement.Vulnerability.Name == "" || len(statement.Products) == 0 {
			return fmt.Errorf("statement %d has no vulnerability or no products", i)
		}
		// The JSON schema asks for exactly one, which the library does not.
		if statement.Status == vex.StatusNotAffected && statement.Justification != "" && statement.ImpactStatement != "" {
			return fmt.Errorf("statement %d has a justification and an impact statement", i)
		}
	}
	return nil
}

func run(arguments []string) error {
	if len(arguments) != 1 && len(arguments) != 3 && len(arguments) != 4 {
		return errors.New("usage: read-openvex FILE [VULNERABILITY PRODUCT [SUBCOMPONENT]]")
	}
	text, err := os.ReadFile(arguments[0])
	if err != nil {
		return err
	}
	document := &vex.VEX{}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(document); err != nil {
		return err
	}
	if err := check(document); err != nil {
		return err
	}
	if len(arguments) == 1 {
		return document.ToJSON(os.Stdout)
	}
	for _, statement := range document.Matches(arguments[1], arguments[2], arguments[3:]) {
		fmt.Println(statement.Status)
	}
	return nil
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "rejected:", err)
		os.Exit(1)
	}
}
