"""`python -m jiaokan`: the command."""

from jiaokan.repair.command import main

if __name__ == "__main__":
    main()
