"""What a machine is asked by other machines: is it alive, is it ready, how much does it do. Nothing about anybody."""
