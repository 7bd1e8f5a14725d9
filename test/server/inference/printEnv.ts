/** Stands in for the worker program, to show what environment workers get. */
process.stdout.write(JSON.stringify(process.env));
