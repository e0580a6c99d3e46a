// The timestamp authority without its metrics server, whose port is fixed: two of them, or one beside
// any other program of that port, could not run on one machine.
package main

import (
	"fmt"
	"log"
	"os"
	"strconv"
	"time"

	"github.com/sigstore/timestamp-authority/v2/pkg/server"
	"github.com/spf13/viper"
)

const (
	policy  = "1.3.6.1.4.1.57264.2"
	patient = 30 * time.Second
)

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: timestamp-server PORT KEY CHAIN")
		os.Exit(2)
	}
	port, err := strconv.Atoi(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	viper.Set("timestamp-signer", "file")
	viper.Set("timestamp-signer-hash", "sha256")
	viper.Set("file-signer-key-path", os.Args[2])
	viper.Set("certificate-chain-path", os.Args[3])
	viper.Set("enforce-intermediate-eku", true)
	viper.Set("default-policy-oid", policy)
	viper.Set("accepted-policy-oids", []string{policy})
	viper.Set("max-request-body-size", 1<<20)
	authority := server.NewRestAPIServer("127.0.0.1", port, []string{"http"}, false, patient, patient)
	authority.CleanupTimeout = time.Second
	log.Fatal(authority.Serve())
}
