int carriage;

