int this_line_of_code_is_longer_than_one_hundred_columns_and_so_it_is_a_fault_whatever_it_may_declare;
int short_code; /* but its comment goes on and on until it is past the one hundred and thirty columns that a comment may have here */
