"""How people are asked, whatever the node: who is meant (`people`), who is asked in the end (`roster`), how several
answers become one (`votes`), and until when (`spans`)."""
