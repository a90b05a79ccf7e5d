// Read a repository with indigo: load the CAR, then walk to every record.
package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"time"

	"github.com/bluesky-social/indigo/atproto/repo"
	"github.com/ipfs/go-cid"
)

func count(path string) (int, error) {
	file, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer file.Close()
	ctx := context.Background()
	_, loaded, err := repo.LoadRepoFromCAR(ctx, bufio.NewReaderSize(file, 1<<20))
	if err != nil {
		return 0, err
	}
	records, length := 0, 0
	err = loaded.MST.Walk(func(key []byte, value cid.Cid) error {
		block, err := loaded.RecordStore.Get(ctx, value)
		if err != nil {
			return err
		}
		records++
		length += len(block.RawData())
		return nil
	})
	return records, err
}

func main() {
	begin := time.Now()
	records, err := count(os.Args[2])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Printf("{\"records\": %d, \"seconds\": %.9f}\n", records, time.Since(begin).Seconds())
}
