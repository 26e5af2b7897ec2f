"""XML-Signature and XAdES: sign, observe, mutate; canonical XML of our own where libraries fall short."""
