"""Albums out of what people have of Album of the Year: saved pages and data sets. Pure and streaming."""
