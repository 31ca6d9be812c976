"""What breaks in the world: processes killed in the middle of work, clocks set, disks full, connections cut."""
